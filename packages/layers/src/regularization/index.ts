export { activityRegularization, type ActivityRegularizationOptions } from './activity-regularization.js';
export { dropout } from './dropout.js';
