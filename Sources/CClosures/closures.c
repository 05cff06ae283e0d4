#include "CClosures.h"

// Swift passes a closure as these two words. Swift code that declares this function with a closure in
// their place gets at the words; see BorrowedClosure.swift.
__attribute__((swiftcall)) closure_words closure_words_of(void *function, void *context) {
  return (closure_words){function, context};
}
