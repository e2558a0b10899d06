# Finds the C library of ATK: the targets `atk::atk` (shared) and `atk::static`.

# This file lies in <libdir>/cmake/atk, or in <prefix>/share/atk/cmake.
set(_atk_libdir "")
foreach(_atk_place "../.." "../../../lib" "../../../lib64")
    if(EXISTS "${CMAKE_CURRENT_LIST_DIR}/${_atk_place}/libatk.so")
        get_filename_component(_atk_libdir "${CMAKE_CURRENT_LIST_DIR}/${_atk_place}" ABSOLUTE)
        break()
    endif()
endforeach()
set(_atk_include "")
foreach(_atk_place "../../../include" "../../../../include")
    if(EXISTS "${CMAKE_CURRENT_LIST_DIR}/${_atk_place}/atk.h")
        get_filename_component(_atk_include "${CMAKE_CURRENT_LIST_DIR}/${_atk_place}" ABSOLUTE)
        break()
    endif()
endforeach()

if(_atk_libdir STREQUAL "" OR _atk_include STREQUAL "")
    set(atk_FOUND FALSE)
    set(atk_NOT_FOUND_MESSAGE "libatk.so or atk.h is missing near ${CMAKE_CURRENT_LIST_DIR}")
elseif(NOT TARGET atk::atk)
    add_library(atk::atk SHARED IMPORTED)
    set_target_properties(atk::atk PROPERTIES
        IMPORTED_LOCATION "${_atk_libdir}/libatk.so"
        INTERFACE_INCLUDE_DIRECTORIES "${_atk_include}")
    if(EXISTS "${_atk_libdir}/libatk.a")
        add_library(atk::static STATIC IMPORTED)
        set_target_properties(atk::static PROPERTIES
            IMPORTED_LOCATION "${_atk_libdir}/libatk.a"
            INTERFACE_INCLUDE_DIRECTORIES "${_atk_include}"
            INTERFACE_LINK_LIBRARIES "z;gcc_s;pthread;m;dl")
    endif()
endif()
unset(_atk_place)
unset(_atk_libdir)
unset(_atk_include)
