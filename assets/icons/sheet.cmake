# SPDX-License-Identifier: EUPL-1.2
# Writes one SVG that holds all icons below each other at SIZE pixels, so that one rsvg-convert call makes a whole size.
# Usage: cmake -DDIR=<icons> -DNAMES=<sorted list> -DSIZE=<px> -DOUT=<file.svg> -P sheet.cmake. From 80 px up the stroke is 1.6 (design 10).
set(stroke 2)
if(SIZE GREATER_EQUAL 80)
    set(stroke 1.6)
endif()
file(STRINGS ${NAMES} names)
list(LENGTH names count)
math(EXPR height "${count} * ${SIZE}")
set(sheet "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"${SIZE}\" height=\"${height}\">\n")
set(y 0)
foreach(name ${names})
    file(READ ${DIR}/${name}.svg svg)
    string(REGEX REPLACE "^<svg [^>]*>"
        "<svg y=\"${y}\" width=\"${SIZE}\" height=\"${SIZE}\" viewBox=\"0 0 24 24\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"${stroke}\" stroke-linecap=\"round\" stroke-linejoin=\"round\">"
        svg "${svg}")
    string(APPEND sheet "${svg}\n")
    math(EXPR y "${y} + ${SIZE}")
endforeach()
file(WRITE ${OUT} "${sheet}</svg>\n")
