// What came of a call: a code and a message.
#ifndef GRADSTREAM_STUB_TF_STATUS_H
#define GRADSTREAM_STUB_TF_STATUS_H

typedef enum TF_Code {
  TF_OK = 0,
  TF_INVALID_ARGUMENT = 3,
  TF_NOT_FOUND = 5,
  TF_RESOURCE_EXHAUSTED = 8,
  TF_UNIMPLEMENTED = 12,
  TF_INTERNAL = 13
} TF_Code;

typedef struct TF_Status TF_Status;

#ifdef __cplusplus
extern "C" {
#endif

TF_Status* TF_NewStatus(void);
void TF_DeleteStatus(TF_Status* status);
TF_Code TF_GetCode(const TF_Status* status);
const char* TF_Message(const TF_Status* status);

#ifdef __cplusplus
}
#endif
#endif
