// Runs before each file of tests that shares a process with others, so that no file depends on those before it. A file that needs more than this, such as
// modules that nobody has loaded, is called `*.alone.spec.ts`.
import { freshWorld } from './world.js';

await freshWorld();
