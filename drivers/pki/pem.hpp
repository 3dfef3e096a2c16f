// SPDX-License-Identifier: EUPL-1.2
// PEM: DER in standard base64 between two lines, the form that browsers and the openssl tool read.
// Pure functions, any thread. Norm: RFC 7468 (strict form), RFC 4648 4.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "drivers/base/bytes.hpp"

namespace pki {

/// label  "CERTIFICATE" or "PRIVATE KEY".
/// returns text with lines of 64 characters and a final line break. The caller wipes it if it holds
/// a key.
[[nodiscard]] std::string to_pem(std::string_view label, base::ByteView der);

/// The blocks of a PEM text in order, whatever their labels; text around them is passed over (RFC
/// 7468 2). Empty if there is none or a block is cut or no base64.
[[nodiscard]] std::vector<base::Bytes> from_pem(base::ByteView text);
/// True if the bytes hold a PEM block's first line. DER never does.
[[nodiscard]] bool is_pem(base::ByteView bytes);

}  // namespace pki
