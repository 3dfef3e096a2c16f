// SPDX-License-Identifier: EUPL-1.2
// Where the downstream's files lie, the same in a publisher's folder, at the backend, on a stick:
//   root.<n>.jws   manifest.jws   targets/<sha-256, 64 lower-case hex digits>
// Pure, any thread.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include "drivers/base/bytes.hpp"
#include "drivers/base/encoding.hpp"

namespace model {

inline constexpr std::string_view manifest_file_name = "manifest.jws";
inline constexpr std::string_view targets_folder_name = "targets";

[[nodiscard]] inline std::string root_file_name(std::uint64_t version) {
    return "root." + std::to_string(version) + ".jws";
}
[[nodiscard]] inline std::string target_file_name(base::ByteView digest) {
    return base::to_hex(digest);
}
/// True for 64 lower-case hex digits and nothing else: no other text becomes part of a path.
[[nodiscard]] inline bool is_target_file_name(std::string_view text) {
    return text.size() == 64 && std::ranges::all_of(text, [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
           });
}

}  // namespace model
