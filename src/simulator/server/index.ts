export { type RunningServer, startServer } from './simulator-server.ts';
