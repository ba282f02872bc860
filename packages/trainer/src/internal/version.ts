/** The version of all packages, as checkpoints tell it. */
export const VERSION: string = '0.1.0';
