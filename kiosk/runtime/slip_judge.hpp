// SPDX-License-Identifier: EUPL-1.2
// What a code says by itself, before the journal is asked whose it is. Believes nothing of it but
// what can be worked out: that a take-back code holds the secret which its check code names. Pure,
// any thread.
#pragma once

#include <string>
#include <vector>

#include "drivers/base/bytes.hpp"
#include "drivers/crypto/ec.hpp"
#include "kiosk/core/slip_code.hpp"
#include "sync/model/slip.hpp"

namespace runtime {

/// Whose letters are believed, and until when they must not be over.
struct LetterKey {
    std::string authority;
    crypto::Point key;
};
struct LetterTrust {
    std::vector<LetterKey> keys;
    model::Date today{};  ///< by the time floor
};

struct JudgedCode {
    core::ShownSlip slip;
    // Of a take-back code only, for the journal: its open half, and what that says.
    std::string check_jws;
    model::CheckCode check;
};

/// A letter is believed by its authority's key alone, and shown only then.
/// text  a code of port::SlipReader. May stand behind the address of a page, as "https://...#code".
/// The secret in it is the caller's to wipe; nothing of it is in what is returned.
[[nodiscard]] JudgedCode judge_code(base::ByteView text, const LetterTrust& trust);

}  // namespace runtime
