// SPDX-License-Identifier: EUPL-1.2
// The difference of two files: what of the old one stays, and what is new in between. Made for
// sorted lists of entries of one length, read without knowing about them. Says nothing about trust:
// whoever applies one compares the result's digest with the manifest's. Pure, any thread.
//
//    0   8  "FRGDELTA"
//    8   8  length of the new file, big-endian
//   16      steps until that length is reached: copy | skip | n | n new bytes
//           copy and skip are lengths in the old file, in that order; the three numbers are LEB128,
//           as short as can be
//
// A new entry of 16 bytes takes 19 to 21, one that vanishes 3 to 5.
#pragma once

#include <cstdint>

#include "drivers/base/bytes.hpp"
#include "drivers/base/result.hpp"

namespace downstream {

/// The shape of both files: a head, entries of one length in rising order, and a tail.
struct ListShape {
    std::size_t head_bytes = 0;
    std::size_t entry_bytes = 0;
    std::size_t tail_bytes = 0;
};
/// The steps from `old_file` to `new_file`. errors: manifest_bad (a file that has not this shape).
base::Result<base::Bytes> make_delta(base::ByteView old_file, base::ByteView new_file,
                                     const ListShape& shape);

/// The new file.
/// length  of the new file as the manifest says it; bounds what is allocated.
/// errors  manifest_bad: form, another length, a step beyond the old file, bytes behind the end.
base::Result<base::Bytes> apply_delta(base::ByteView old_file, base::ByteView delta,
                                      std::uint64_t length);

}  // namespace downstream
