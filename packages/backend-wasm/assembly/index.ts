export * from './memory/fill';
