// SPDX-License-Identifier: EUPL-1.2
// Reads the known answers of tests/vectors: lines "name = hex", "#" starts a comment.
#pragma once

#include <map>

#include "tests/card/bytes.hpp"

namespace card {

/// Throws away nothing: a file that cannot be read gives an empty map, and the test says so.
[[nodiscard]] std::map<std::string, Bytes> read_vectors(const std::string& name);
/// One certificate or file in hex from tests/vectors/cvc.
[[nodiscard]] Bytes read_hex_vector(const std::string& name);

}  // namespace card
