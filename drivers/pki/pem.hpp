// SPDX-License-Identifier: EUPL-1.2
// PEM: DER in standard base64 between two lines, the form that browsers and the openssl tool read.
// Pure functions, any thread. Norm: RFC 7468 (strict form), RFC 4648 4.
#pragma once

#include <string>
#include <string_view>

#include "drivers/base/bytes.hpp"

namespace pki {

/// label  "CERTIFICATE" or "PRIVATE KEY".
/// returns text with lines of 64 characters and a final line break. The caller wipes it if it holds
/// a key.
[[nodiscard]] std::string to_pem(std::string_view label, base::ByteView der);

}  // namespace pki
