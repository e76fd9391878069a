#pragma once
#include <stddef.h>

/// A file of this folder, compiled into the program: no path to lose, nothing to read at the start.
typedef struct {
  const char *_Nonnull name;
  const unsigned char *_Nonnull bytes;
  size_t count;
} lab_resource;

/// The file called `name`, or one whose count is 0.
lab_resource lab_resource_named(const char *_Nonnull name);
