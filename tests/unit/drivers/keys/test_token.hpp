// SPDX-License-Identifier: EUPL-1.2
// A SoftHSM token of its own for one test, in a folder of its own, made through the interface that
// every token has. SoftHSM reads its environment when the first owner of the module comes, so only
// one of these lives at a time and stores die before it. One thread.
#pragma once

#include <p11-kit/pkcs11.h>

#include <filesystem>
#include <string>
#include <string_view>

#include "drivers/keys/key_place.hpp"

namespace keys_test {

/// Debian's softhsm2 (image/packages/test.txt), the same path on every architecture.
inline constexpr std::string_view softhsm_module = "/usr/lib/softhsm/libsofthsm2.so";

class TestToken {
  public:
    /// Makes a token "freigabe" with PIN 271828, kept in the file `pin`, mode 0600.
    TestToken();
    ~TestToken();
    TestToken(const TestToken&) = delete;
    TestToken& operator=(const TestToken&) = delete;

    /// Adds another token to the same module.
    void add(std::string_view label);
    /// Destroys both halves of every key of this name.
    void destroy(std::string_view name);
    /// Writes the PIN file anew.
    void write_pin(std::string_view content);
    /// `path` are further attributes of the URI's path, as ";object=a".
    [[nodiscard]] keys::TokenPlace place(std::string_view path = {}) const;
    [[nodiscard]] std::filesystem::path pin_file() const { return folder_ / "pin"; }
    [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }

  private:
    std::filesystem::path folder_;
};

}  // namespace keys_test
