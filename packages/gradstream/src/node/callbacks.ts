export * from '@gradstream/callbacks';
export * from '@gradstream/callbacks/node';
