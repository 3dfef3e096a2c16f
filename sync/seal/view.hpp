// SPDX-License-Identifier: EUPL-1.2
// The citizen's own copy: opens only with their card's pseudonym on this terminal, bears no key id,
// is padded to a size class and can be deleted alone. Pure but for randomness, any thread.
// Security: key = HKDF(pseudonym, terminal salt), so a stolen disk together with all keys of the
// terminal opens none (I15).
#pragma once

#include <string_view>

#include "drivers/base/result.hpp"
#include "drivers/base/secret.hpp"
#include "drivers/port/random.hpp"
#include "sync/model/record.hpp"

namespace seal {

using ViewKey = base::Secret<struct ViewKeyTag, 32>;

[[nodiscard]] ViewKey view_key(base::ByteView pseudonym, base::ByteView terminal_salt);
/// Under what the terminal finds all copies of one holder: HMAC(view key, "idx"). Names nobody.
[[nodiscard]] model::Digest view_index(const ViewKey& key);

/// Layout: nonce 12 | A256GCM( length 4 | plain | zeros up to the size class ), bound to the
/// record's position. errors: seal_failed (longer than limits::declaration_bytes_max).
base::Result<base::Bytes> seal_view(base::ByteView plain, const model::RecordKey& place,
                                    const ViewKey& key, port::Random& random);
/// errors  open_failed.
base::Result<base::Bytes> open_view(base::ByteView sealed, const model::RecordKey& place,
                                    const ViewKey& key);

}  // namespace seal
