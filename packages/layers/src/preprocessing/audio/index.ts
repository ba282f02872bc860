export { melSpectrogram, type MelSpectrogramOptions } from './mel-spectrogram.js';
export { stftSpectrogram, type StftSpectrogramOptions } from './stft-spectrogram.js';
