export type { ConsoleDeps, DemoLogin } from './console-deps.ts';
export type { Allowed, ConsoleRoute } from './console-route.ts';
export { addConsoleRoutes, consoleRoutes } from './routes.ts';
