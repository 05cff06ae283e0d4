#pragma once
#include <stddef.h>
#include <stdio.h>
// After those, which it needs and does not include.
#include <jpeglib.h>
