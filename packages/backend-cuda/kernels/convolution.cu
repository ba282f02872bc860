// Convolutions [batch, height, width, channels] as products that gather their operands, with their gradients.
#include "patches.h"

CONVOLUTION(32, 64, 8, Plain<32, 32, 32, 4, 4>)
CONVOLUTION(64, 256, 3, Plain<64, 64, 16, 4, 4>)
CONVOLUTION(128, 256, 2, Plain<128, 128, 8, 8, 8>)
// For few channels: many rows by as many columns as there are.
CONVOLUTION(128x16, 64, 6, Plain<128, 16, 16, 8, 4>)
CONVOLUTION(128x32, 128, 4, Plain<128, 32, 16, 8, 4>)
CONVOLUTION(128x64, 128, 3, Plain<128, 64, 16, 8, 8>)
