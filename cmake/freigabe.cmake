# SPDX-License-Identifier: EUPL-1.2
# The build rules that every folder uses: warnings, hardening, and three functions
# (freigabe_library, freigabe_program, freigabe_test) so that a folder's CMakeLists.txt is a list of files.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)

option(FREIGABE_SANITIZE "Build with AddressSanitizer and UndefinedBehaviourSanitizer" OFF)
option(FREIGABE_FUZZ "Build the libFuzzer targets of tests/fuzz (needs clang)" OFF)
option(FREIGABE_COVERAGE "Count which lines run (gcov); see tests/coverage.sh" OFF)
option(FREIGABE_UNITY "Compile the libraries named below a dozen files at a time" OFF)

# For the sanitizer round, which compiles most of the tree a second time: these libraries have no name twice, so a dozen
# files share one reading of the headers. A file that breaks this says "redefinition": rename, or take its library out.
set(freigabe_unity_libraries
    drivers_pki sync_model sync_outbox sync_downstream sync_syncd
    kiosk_core kiosk_view kiosk_consent kiosk_screens kiosk_widgets kiosk_i18n tests_gallery tests_screens)

find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(tl-expected REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(simdjson REQUIRED)

pkg_check_modules(SQLITE REQUIRED IMPORTED_TARGET sqlite3)
pkg_check_modules(POSTGRESQL REQUIRED IMPORTED_TARGET libpq)
pkg_check_modules(PCSC REQUIRED IMPORTED_TARGET libpcsclite)

# mbedTLS 2.28 (Debian 12) ships no pkg-config file; 3.6 does. Both have these three libraries.
find_library(MBEDCRYPTO_LIBRARY mbedcrypto REQUIRED)
find_library(MBEDX509_LIBRARY mbedx509 REQUIRED)
find_library(MBEDTLS_LIBRARY mbedtls REQUIRED)
add_library(mbed_crypto INTERFACE)
target_link_libraries(mbed_crypto INTERFACE ${MBEDCRYPTO_LIBRARY})
add_library(mbed_tls INTERFACE)
target_link_libraries(mbed_tls INTERFACE ${MBEDTLS_LIBRARY} ${MBEDX509_LIBRARY} ${MBEDCRYPTO_LIBRARY})

add_library(freigabe_flags INTERFACE)
target_include_directories(freigabe_flags INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_options(freigabe_flags INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast -Werror
    # CHECK(!"what cannot be") is how an impossible branch says its name.
    $<$<CXX_COMPILER_ID:Clang>:-Wno-string-conversion>
    -fno-omit-frame-pointer -fstack-protector-strong -ffp-contract=off
    # Paths in binaries and messages start at the project, so a build does not depend on its folder.
    -ffile-prefix-map=${PROJECT_SOURCE_DIR}/=)
target_link_libraries(freigabe_flags INTERFACE Threads::Threads)
if(FREIGABE_SANITIZE)
    # -Og and not -O1: g++ 12 raises false maybe-uninitialized on moved variants under ASan at -O1.
    # -g1: places in a stack trace need lines, not variables, and compile a quarter faster.
    target_compile_options(freigabe_flags INTERFACE -Og -g1 -fsanitize=address,undefined
        -fno-sanitize-recover=all)
    target_link_options(freigabe_flags INTERFACE -fsanitize=address,undefined)
elseif(FREIGABE_COVERAGE)
    # Not optimised: a line that was merged into another would count as never run.
    target_compile_options(freigabe_flags INTERFACE -O0 -g1 --coverage)
    target_link_options(freigabe_flags INTERFACE --coverage)
elseif(CMAKE_BUILD_TYPE STREQUAL "Release")
    # What hardening-check and a reader of the image look for; each costs a few per cent at most.
    target_compile_options(freigabe_flags INTERFACE -D_FORTIFY_SOURCE=2 -D_GLIBCXX_ASSERTIONS -fPIE
        -fstack-clash-protection)
    if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
        target_compile_options(freigabe_flags INTERFACE -fcf-protection=full)
    endif()
    target_link_options(freigabe_flags INTERFACE -Wl,-z,relro,-z,now,-z,noexecstack -pie)
endif()

# freigabe_library(<name> SOURCES <files...> [LINK <targets...>])
# A static library; without SOURCES an interface library (headers only). LINK is public.
function(freigabe_library name)
    cmake_parse_arguments(ARG "" "" "SOURCES;LINK" ${ARGN})
    if(ARG_SOURCES)
        add_library(${name} STATIC ${ARG_SOURCES})
        target_link_libraries(${name} PUBLIC freigabe_flags ${ARG_LINK})
        if(FREIGABE_UNITY AND name IN_LIST freigabe_unity_libraries)
            set_target_properties(${name} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 12)
        endif()
    else()
        add_library(${name} INTERFACE)
        target_link_libraries(${name} INTERFACE freigabe_flags ${ARG_LINK})
    endif()
endfunction()

# freigabe_program(<name> SOURCES <files...> LINK <targets...>)
function(freigabe_program name)
    cmake_parse_arguments(ARG "" "" "SOURCES;LINK" ${ARGN})
    add_executable(${name} ${ARG_SOURCES})
    target_link_libraries(${name} PRIVATE freigabe_flags ${ARG_LINK})
endfunction()

# The main of all doctest programs, compiled once.
add_library(doctest_main OBJECT EXCLUDE_FROM_ALL ${PROJECT_SOURCE_DIR}/tests/doctest_main.cpp)
target_link_libraries(doctest_main PRIVATE freigabe_flags)
target_compile_options(doctest_main PRIVATE $<$<CONFIG:RelWithDebInfo>:-Og>)

# freigabe_test(<name> SOURCES <files...> LINK <targets...> [LABELS <labels...>])
# A doctest program with the main of tests/doctest_main.cpp, registered with ctest.
# Tests run in random order; the seed is printed, so that a failing order can be repeated.
function(freigabe_test name)
    cmake_parse_arguments(ARG "" "" "SOURCES;LINK;LABELS" ${ARGN})
    add_executable(${name} ${ARG_SOURCES} $<TARGET_OBJECTS:doctest_main>)
    target_link_libraries(${name} PRIVATE freigabe_flags ${ARG_LINK})
    # A test's own lines run once: a third of their compiling was spent on making them fast.
    target_compile_options(${name} PRIVATE $<$<CONFIG:RelWithDebInfo>:-Og>)
    target_compile_definitions(${name} PRIVATE
        FREIGABE_SOURCE_DIR="${PROJECT_SOURCE_DIR}" FREIGABE_BINARY_DIR="${PROJECT_BINARY_DIR}")
    add_test(NAME ${name} COMMAND ${name} --order-by=rand)
    set_tests_properties(${name} PROPERTIES LABELS "${ARG_LABELS}" TIMEOUT 300)
endfunction()
