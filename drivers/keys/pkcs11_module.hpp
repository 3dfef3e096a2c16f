// SPDX-License-Identifier: EUPL-1.2
// A PKCS#11 module as an owner that cleans up, the one token in it that a URI names, and what the
// answers of C_ calls mean here. p11-kit lets several owners in one program share a module. One
// thread per object. Norm: PKCS#11 v2.40 5.1 (return values), 5.4 (module), 5.5 (slots and tokens).
#pragma once

#include <p11-kit/p11-kit.h>
#include <p11-kit/pkcs11.h>

#include <memory>
#include <string>
#include <vector>

#include "drivers/base/handle.hpp"
#include "drivers/base/result.hpp"
#include "drivers/keys/token_uri.hpp"

namespace keys {

/// Turns the answer of a C_ call into a Result; the CKR code is the detail. device_absent: no token
/// there; config_bad: PIN wrong; key_bad: PIN locked or a key that cannot do this; crypto_failed:
/// mechanism or data refused; device_failed: all else. norm: PKCS#11 v2.40 5.1.
base::Result<void> check_rv(CK_RV rv, const char* where);
/// True if a new session may help: token pulled, session closed, login gone.
[[nodiscard]] bool is_session_lost(const base::Error& error);

/// A token that is there.
struct FoundToken {
    CK_FUNCTION_LIST* functions = nullptr;  ///< alive as long as the module
    CK_SLOT_ID slot = 0;
    CK_FLAGS flags = 0;  ///< CK_TOKEN_INFO.flags
};

class Pkcs11Module {
  public:
    /// Loads and initialises the module that the URI names, or those of p11-kit's configuration.
    /// errors  config_bad (no such module, or not one), those of C_Initialize.
    static base::Result<Pkcs11Module> load(const TokenUri& uri);

    /// Finds the one initialised token that fits. errors: device_absent (none), config_bad (more
    /// than one), device_failed (more slots than anybody has), those of the calls.
    base::Result<FoundToken> find(const TokenUri& uri) const;

  private:
    Pkcs11Module() = default;
    using Configured =
        std::unique_ptr<CK_FUNCTION_LIST*, base::Deleter<p11_kit_modules_finalize_and_release>>;
    using Loaded = std::unique_ptr<CK_FUNCTION_LIST, base::Deleter<p11_kit_module_release>>;
    using Initialised = std::unique_ptr<CK_FUNCTION_LIST, base::Deleter<p11_kit_module_finalize>>;

    base::Result<void> load_path(const std::string& path);
    base::Result<void> load_configured(const std::string& name);

    // Finalised first, then released: the reverse of this order.
    Loaded loaded_;
    Initialised initialised_;
    Configured configured_;
    std::vector<CK_FUNCTION_LIST*> all_;
};

}  // namespace keys
