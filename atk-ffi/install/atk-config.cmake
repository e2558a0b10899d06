# find_package(atk) gives the target atk::atk, the shared library, and atk::static.
get_filename_component(_atk_prefix "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)

if(NOT TARGET atk::atk)
    add_library(atk::atk SHARED IMPORTED)
    set_target_properties(atk::atk PROPERTIES
        IMPORTED_LOCATION "${_atk_prefix}/lib/libatk.so.@VERSION@"
        IMPORTED_SONAME "libatk.so.@ABI@"
        INTERFACE_INCLUDE_DIRECTORIES "${_atk_prefix}/include")
endif()
if(NOT TARGET atk::static)
    add_library(atk::static STATIC IMPORTED)
    set_target_properties(atk::static PROPERTIES
        IMPORTED_LOCATION "${_atk_prefix}/lib/libatk.a"
        INTERFACE_INCLUDE_DIRECTORIES "${_atk_prefix}/include"
        INTERFACE_LINK_LIBRARIES "z;pthread;dl;m")
endif()

set(atk_VERSION "@VERSION@")
unset(_atk_prefix)
