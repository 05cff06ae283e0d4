#ifndef C_CLOSURES_H
#define C_CLOSURES_H

/// What a Swift closure consists of.
typedef struct {
  void *function;
  void *context;
} closure_words;

/// Calls a Swift closure of type `(Int, Int) -> Void`.
static inline void closure_call(closure_words closure, long first, long second) {
  typedef __attribute__((swiftcall)) void (*function_type)(
      long, long, __attribute__((swift_context)) void *);
  ((function_type)closure.function)(first, second, closure.context);
}

#endif
