# SPDX-License-Identifier: EUPL-1.2
# Writes page_files.cpp: the files of both pages as byte arrays, so that the backend needs no data folder and serves
# exactly what was built. Called at build time with -DOUT=<file> -DDIR=<www>.
set(agency_files index.html agency.css agency.js freigabe.svg)
set(check_files index.html check.css verify.js texts.js page.js)
set(arrays "")
set(number 0)
foreach(page agency check)
    set(${page}_rows "")
    foreach(name ${${page}_files})
        file(READ ${DIR}/${page}/${name} hex HEX)
        string(LENGTH "${hex}" digits)
        math(EXPR size "${digits} / 2")
        string(REGEX REPLACE "(..)" "'\\\\x\\1'," bytes "${hex}")
        get_filename_component(extension ${name} LAST_EXT)
        string(SUBSTRING ${extension} 1 -1 extension)
        if(extension STREQUAL "html")
            set(type "text/html; charset=utf-8")
        elseif(extension STREQUAL "css")
            set(type "text/css; charset=utf-8")
        elseif(extension STREQUAL "js")
            set(type "text/javascript; charset=utf-8")
        else()
            set(type "image/svg+xml")
        endif()
        string(APPEND arrays "constexpr char file_${number}[] = {${bytes}};\n")
        string(APPEND ${page}_rows "    {\"${name}\", \"${type}\", {file_${number}, ${size}}},\n")
        math(EXPR number "${number} + 1")
    endforeach()
endforeach()
file(WRITE ${OUT}
"#include \"sync/backend/www/page_files.hpp\"
namespace backend {
namespace {
${arrays}constexpr PageFile agency_files[] = {
${agency_rows}};
constexpr PageFile check_files[] = {
${check_rows}};
}  // namespace
std::span<const PageFile> page_files() { return agency_files; }
std::span<const PageFile> check_page_files() { return check_files; }
}  // namespace backend
")
