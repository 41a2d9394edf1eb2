export type { ConsoleDeps, DemoLogin } from './console-deps.ts';
export { type Allowed, type ConsoleRoute, mayOpen, type Permission } from './console-route.ts';
export { addConsoleRoutes, consoleRoutes } from './routes.ts';
