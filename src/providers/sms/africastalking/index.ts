export { type AfricasTalkingSmsDeps, makeAfricasTalkingSms } from './africas-talking-sms.ts';
export { type HttpSmsDeps, makeHttpSms } from './http-sms.ts';
