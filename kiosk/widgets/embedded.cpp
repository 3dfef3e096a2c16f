// SPDX-License-Identifier: EUPL-1.2
// The packed icons and the design tokens inside the program: nothing to find, nothing to swap at
// run time.
#include "kiosk/widgets/icons.hpp"

// The assembler copies the files in; the paths come from the build.
__asm__(
    ".section .rodata\n"
    ".balign 4\n"
    ".globl freigabe_icons_begin\nfreigabe_icons_begin:\n.incbin \"" FREIGABE_ICONS_FILE
    "\"\n"
    ".globl freigabe_icons_end\nfreigabe_icons_end:\n"
    ".globl freigabe_tokens_begin\nfreigabe_tokens_begin:\n.incbin \"" FREIGABE_TOKENS_FILE
    "\"\n"
    ".globl freigabe_tokens_end\nfreigabe_tokens_end:\n"
    ".byte 0\n"
    ".previous\n");

extern "C" {
extern const std::uint8_t freigabe_icons_begin[];
extern const std::uint8_t freigabe_icons_end[];
extern const char freigabe_tokens_begin[];
extern const char freigabe_tokens_end[];
}

namespace widgets {

base::ByteView embedded_icons() {
    return {freigabe_icons_begin, freigabe_icons_end};
}

std::string_view embedded_tokens() {
    return {freigabe_tokens_begin,
            static_cast<std::size_t>(freigabe_tokens_end - freigabe_tokens_begin)};
}

}  // namespace widgets
