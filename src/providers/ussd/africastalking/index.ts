export { makeAfricasTalkingUssd } from './africas-talking-ussd.ts';
