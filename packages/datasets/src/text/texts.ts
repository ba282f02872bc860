/** A text, or lists of texts inside each other, those beside each other of one size. */
export type Texts<T extends string | number = string> = T | readonly Texts<T>[];
