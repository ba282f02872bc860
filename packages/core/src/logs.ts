/** Metrics by name, as events carry them: plain numbers. */
export type Logs = Readonly<Record<string, number>>;
