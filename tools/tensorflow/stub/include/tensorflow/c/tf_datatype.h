// Types of elements, as far as the addon of tfjs-node names them.
#ifndef GRADSTREAM_STUB_TF_DATATYPE_H
#define GRADSTREAM_STUB_TF_DATATYPE_H

#include <stddef.h>

typedef enum TF_DataType {
  TF_FLOAT = 1,
  TF_INT32 = 3,
  TF_UINT8 = 4,
  TF_STRING = 7,
  TF_COMPLEX64 = 8,
  TF_INT64 = 9,
  TF_BOOL = 10,
  TF_RESOURCE = 20
} TF_DataType;

#ifdef __cplusplus
extern "C" {
#endif

/* Bytes of one element; 0 where they vary, as those of texts. */
size_t TF_DataTypeSize(TF_DataType type);

#ifdef __cplusplus
}
#endif
#endif
