// SPDX-License-Identifier: EUPL-1.2
// CHECK: the answer to a programmer's error. Always on, also in release: the state is impossible,
// the journal is the memory, systemd starts us again at the idle screen.
#pragma once

#include <cstdio>
#include <cstdlib>

/// Stops the program if `cond` is false. Prints place and condition, never a value: values may be
/// personal.
#define CHECK(cond)                                                              \
    do {                                                                         \
        if (!(cond)) {                                                           \
            std::fprintf(stderr, "CHECK %s:%d %s\n", __FILE__, __LINE__, #cond); \
            std::abort();                                                        \
        }                                                                        \
    } while (false)
