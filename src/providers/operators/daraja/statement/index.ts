export { readMpesaStatement } from './read-statement.ts';
