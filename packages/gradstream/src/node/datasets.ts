export * from '@gradstream/datasets';
export * from '@gradstream/datasets/node';
