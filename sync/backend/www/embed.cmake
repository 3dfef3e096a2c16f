# SPDX-License-Identifier: EUPL-1.2
# Writes page_files.cpp: the files of the case worker's page as byte arrays, so that the backend needs no data folder and
# serves exactly what was built. Called at build time with -DOUT=<file> -DDIR=<www/agency>.
set(arrays "")
set(rows "")
set(number 0)
foreach(name index.html agency.css agency.js freigabe.svg)
    file(READ ${DIR}/${name} hex HEX)
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
    string(APPEND rows "    {\"${name}\", \"${type}\", {file_${number}, ${size}}},\n")
    math(EXPR number "${number} + 1")
endforeach()
file(WRITE ${OUT}
"#include \"sync/backend/www/page_files.hpp\"
namespace backend {
namespace {
${arrays}constexpr PageFile files[] = {
${rows}};
}  // namespace
std::span<const PageFile> page_files() { return files; }
}  // namespace backend
")
