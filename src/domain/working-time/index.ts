export { holidaysSchema, readWorkingTimes, workingHoursSchema } from './read-working-time.ts';
export {
  addWorkingDays,
  endOfWork,
  isWorkingDay,
  isWorkingTime,
  lastWorkingDay,
  nextWorkingTime,
  type WorkingTime,
} from './working-time.ts';
