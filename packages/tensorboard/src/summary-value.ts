import type { MessageInitShape, Summary_ValueSchema } from '@gradstream/formats/messages';

/** One value under one tag, with the metadata that says which dashboard shows it. Each kind of summary is a function that returns one. */
export type SummaryValue = MessageInitShape<typeof Summary_ValueSchema> & { readonly tag: string };
