// SPDX-License-Identifier: EUPL-1.2
// Reads tests/vectors: lines "name = hex", and whole files of hex. A missing name or file fails the
// test.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/base/bytes.hpp"

namespace fakes {

class VectorFile {
  public:
    /// name  relative to tests/vectors.
    explicit VectorFile(std::string_view name);
    [[nodiscard]] base::Bytes bytes(const std::string& key) const;
    [[nodiscard]] std::string text(const std::string& key) const;

  private:
    std::map<std::string, std::string> values_;
};

/// A file of hex digits, white space ignored.
[[nodiscard]] base::Bytes read_hex_file(std::string_view name);
/// Names of the files in a folder of tests/vectors, sorted, with the folder's name in front.
[[nodiscard]] std::vector<std::string> vector_files(std::string_view folder);
/// Hex text to bytes; fails the test if it is none.
[[nodiscard]] base::Bytes hex(std::string_view text);

}  // namespace fakes
