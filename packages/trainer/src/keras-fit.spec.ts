import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll } from 'vitest';
import { checkFit } from '../fixtures/check-fit.js';

beforeAll(() => tf.setBackend('cpu'));

checkFit();
