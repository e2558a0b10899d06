# The version is what the header beside the library says. Below 1.0.0 another minor version is
# another library.
foreach(_atk_include "../../../include" "../../../../include")
    if(EXISTS "${CMAKE_CURRENT_LIST_DIR}/${_atk_include}/atk.h")
        file(STRINGS "${CMAKE_CURRENT_LIST_DIR}/${_atk_include}/atk.h" _atk_version
            REGEX "^#define ATK_VERSION \"" LIMIT_COUNT 1)
        string(REGEX REPLACE ".*\"(.*)\"" "\\1" PACKAGE_VERSION "${_atk_version}")
        break()
    endif()
endforeach()
string(REGEX MATCH "^[0-9]+\\.[0-9]+" _atk_own "${PACKAGE_VERSION}")
string(REGEX MATCH "^[0-9]+\\.[0-9]+" _atk_wanted "${PACKAGE_FIND_VERSION}")
if(PACKAGE_FIND_VERSION STREQUAL PACKAGE_VERSION)
    set(PACKAGE_VERSION_EXACT TRUE)
endif()
if(_atk_wanted STREQUAL "" OR (_atk_wanted STREQUAL _atk_own
    AND NOT PACKAGE_FIND_VERSION VERSION_GREATER PACKAGE_VERSION))
    set(PACKAGE_VERSION_COMPATIBLE TRUE)
endif()
unset(_atk_include)
unset(_atk_version)
unset(_atk_own)
unset(_atk_wanted)
