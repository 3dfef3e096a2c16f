// SPDX-License-Identifier: EUPL-1.2
// What the pki subcommands share: names of curves, dates, fresh and stored keys, certificates in
// both file forms. Used by pki.cpp and pki_init.cpp only.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string_view>

#include "drivers/base/result.hpp"
#include "drivers/crypto/ec.hpp"
#include "drivers/pki/cv_builder.hpp"

namespace ctl {

/// "P-256", "P-384", "P-521", "brainpoolP256r1", "brainpoolP384r1", "brainpoolP512r1".
[[nodiscard]] std::optional<crypto::Curve> curve_of(std::string_view name);
/// "2026-11-24"; nothing if it is no day of the calendar.
[[nodiscard]] std::optional<std::chrono::sys_days> parse_day(std::string_view text);
[[nodiscard]] std::chrono::sys_days today();
/// Rights as words with commas: dg1..dg21, rid, age, community, pin, can. Nothing if a word is
/// unknown.
[[nodiscard]] std::optional<eid::Rights> parse_rights(std::string_view words);

/// Reads a private key file (PKCS#8 or SEC 1). errors: file_io, key_bad.
base::Result<crypto::KeyPair> read_key(const std::filesystem::path& path);
/// Writes PKCS#8 DER with mode 0600; refuses to replace a file. errors: file_io.
base::Result<void> write_key(const std::filesystem::path& path, const crypto::KeyPair& key);
/// Writes `stem`.crt (PEM) and `stem`.der. errors: file_io.
base::Result<void> write_certificate(const std::filesystem::path& stem, base::ByteView der);
/// Writes a public file with mode 0644. errors: file_io.
base::Result<void> write_public(const std::filesystem::path& path, base::ByteView content);

}  // namespace ctl
