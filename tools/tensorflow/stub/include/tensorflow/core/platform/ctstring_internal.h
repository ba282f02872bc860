// Texts inside of tensors. How one lies in memory is our own affair: the addon that is built on this header and our library agree on it, and nobody else sees it.
#ifndef GRADSTREAM_STUB_CTSTRING_INTERNAL_H
#define GRADSTREAM_STUB_CTSTRING_INTERNAL_H

#include <stdlib.h>
#include <string.h>

typedef struct TF_TString {
  char* bytes;
  size_t length;
} TF_TString;

static inline void TF_TString_Init(TF_TString* text) {
  text->bytes = NULL;
  text->length = 0;
}

static inline void TF_TString_Dealloc(TF_TString* text) {
  free(text->bytes);
  TF_TString_Init(text);
}

static inline void TF_TString_Copy(TF_TString* text, const char* bytes, size_t length) {
  free(text->bytes);
  text->bytes = (char*)malloc(length + 1);
  memcpy(text->bytes, bytes, length);
  text->length = length;
}

static inline const char* TF_TString_GetDataPointer(const TF_TString* text) { return text->bytes; }

static inline size_t TF_TString_GetSize(const TF_TString* text) { return text->length; }

#endif
