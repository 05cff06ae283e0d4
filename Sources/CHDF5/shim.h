#pragma once
#include <hdf5.h>
#if __has_include(<H5FDdevelop.h>)
#include <H5FDdevelop.h>
#endif

// What Swift cannot import: macros that cast, that expand to a variable after opening the library,
// or that stand for another function.

#define WINNOW_CONSTANT(type, name, value) \
    static inline type winnow_##name(void) { return (value); }

WINNOW_CONSTANT(hid_t, property_default, H5P_DEFAULT)
WINNOW_CONSTANT(hid_t, property_file_access, H5P_FILE_ACCESS)
WINNOW_CONSTANT(hid_t, property_file_create, H5P_FILE_CREATE)
WINNOW_CONSTANT(hid_t, property_group_create, H5P_GROUP_CREATE)
WINNOW_CONSTANT(hid_t, property_dataset_create, H5P_DATASET_CREATE)
WINNOW_CONSTANT(hid_t, property_attribute_create, H5P_ATTRIBUTE_CREATE)
WINNOW_CONSTANT(hid_t, property_link_create, H5P_LINK_CREATE)

WINNOW_CONSTANT(unsigned, access_read_only, H5F_ACC_RDONLY)
WINNOW_CONSTANT(unsigned, access_read_write, H5F_ACC_RDWR)
WINNOW_CONSTANT(unsigned, access_truncate, H5F_ACC_TRUNC)
WINNOW_CONSTANT(unsigned, access_create, H5F_ACC_CREAT)
WINNOW_CONSTANT(unsigned, access_exclusive, H5F_ACC_EXCL)

WINNOW_CONSTANT(hid_t, every_file, (hid_t)H5F_OBJ_ALL)
WINNOW_CONSTANT(unsigned, every_kind, H5F_OBJ_ALL)

WINNOW_CONSTANT(hid_t, space_all, H5S_ALL)
WINNOW_CONSTANT(hid_t, error_stack, H5E_DEFAULT)

WINNOW_CONSTANT(hid_t, string, H5T_C_S1)
WINNOW_CONSTANT(size_t, variable_size, H5T_VARIABLE)

WINNOW_CONSTANT(hid_t, native_int8, H5T_NATIVE_INT8)
WINNOW_CONSTANT(hid_t, native_int16, H5T_NATIVE_INT16)
WINNOW_CONSTANT(hid_t, native_int32, H5T_NATIVE_INT32)
WINNOW_CONSTANT(hid_t, native_int64, H5T_NATIVE_INT64)
WINNOW_CONSTANT(hid_t, native_uint8, H5T_NATIVE_UINT8)
WINNOW_CONSTANT(hid_t, native_uint16, H5T_NATIVE_UINT16)
WINNOW_CONSTANT(hid_t, native_uint32, H5T_NATIVE_UINT32)
WINNOW_CONSTANT(hid_t, native_uint64, H5T_NATIVE_UINT64)
WINNOW_CONSTANT(hid_t, native_float, H5T_NATIVE_FLOAT)
WINNOW_CONSTANT(hid_t, native_double, H5T_NATIVE_DOUBLE)

WINNOW_CONSTANT(hid_t, stored_int8, H5T_STD_I8LE)
WINNOW_CONSTANT(hid_t, stored_int16, H5T_STD_I16LE)
WINNOW_CONSTANT(hid_t, stored_int32, H5T_STD_I32LE)
WINNOW_CONSTANT(hid_t, stored_int64, H5T_STD_I64LE)
WINNOW_CONSTANT(hid_t, stored_uint8, H5T_STD_U8LE)
WINNOW_CONSTANT(hid_t, stored_uint16, H5T_STD_U16LE)
WINNOW_CONSTANT(hid_t, stored_uint32, H5T_STD_U32LE)
WINNOW_CONSTANT(hid_t, stored_uint64, H5T_STD_U64LE)
WINNOW_CONSTANT(hid_t, stored_float, H5T_IEEE_F32LE)
WINNOW_CONSTANT(hid_t, stored_double, H5T_IEEE_F64LE)

#undef WINNOW_CONSTANT

// What a file driver hands to the library: the library's own part comes first.
typedef struct {
    H5FD_t base;
    void *context;
} winnow_driver_file;

// Later releases make this name a macro that chooses between two functions.
static inline herr_t winnow_iterate_links(hid_t group, H5L_iterate_t visit, void *context) {
    return H5Literate(group, H5_INDEX_NAME, H5_ITER_INC, NULL, visit, context);
}
