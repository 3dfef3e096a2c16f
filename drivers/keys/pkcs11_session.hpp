// SPDX-License-Identifier: EUPL-1.2
// A session with a token: opened once, closed once, and what the module returns is bounded and
// checked before use. One thread, the module's. Norm: PKCS#11 v2.40 5.6 (sessions), 5.7 (objects),
// 5.11 (signing), 5.13 (key pairs); current mechanisms 2.3.5 and 2.3.6 (EC).
#pragma once

#include <p11-kit/pkcs11.h>

#include <cstdint>
#include <vector>

#include "drivers/base/bytes.hpp"
#include "drivers/base/result.hpp"
#include "drivers/keys/pkcs11_module.hpp"
#include "drivers/keys/token_uri.hpp"

namespace keys {

/// Attributes of a template together with the values that they point to.
class Attributes {
  public:
    Attributes() = default;
    Attributes(const Attributes&) = delete;
    Attributes& operator=(const Attributes&) = delete;
    ~Attributes() = default;
    Attributes& number(CK_ATTRIBUTE_TYPE type, CK_ULONG value);
    Attributes& flag(CK_ATTRIBUTE_TYPE type, CK_BBOOL value);
    Attributes& bytes(CK_ATTRIBUTE_TYPE type, base::ByteView value);
    [[nodiscard]] CK_ATTRIBUTE* data() { return list_.data(); }
    [[nodiscard]] CK_ULONG size() const { return list_.size(); }

  private:
    std::vector<base::Bytes> values_;  ///< moved when it grows, but their bytes stay where they are
    std::vector<CK_ATTRIBUTE> list_;
};

enum class SessionAccess : std::uint8_t { read_only, read_write };

/// One session. Closing the last session of a program with a token ends its login as well (PKCS#11
/// v2.40 5.6.7), so the login has no owner of its own: with one, the first of two stores to go
/// would log the other out.
class Pkcs11Session {
  public:
    /// errors  those of C_OpenSession.
    static base::Result<Pkcs11Session> open(const FoundToken& token, SessionAccess access);
    Pkcs11Session(Pkcs11Session&& other) noexcept;
    Pkcs11Session& operator=(Pkcs11Session&& other) noexcept;
    Pkcs11Session(const Pkcs11Session&) = delete;
    Pkcs11Session& operator=(const Pkcs11Session&) = delete;
    ~Pkcs11Session();

    /// One attempt as the token's user; that another session has logged in already is no error.
    /// errors  config_bad (PIN wrong), key_bad (PIN locked or expired), those of C_Login.
    base::Result<void> login(const TokenPin& pin);
    /// Handles of at most `objects_max` matching objects. errors: key_bad (there are more).
    base::Result<std::vector<CK_OBJECT_HANDLE>> find(Attributes& match, std::size_t objects_max);
    /// A value of at most 1024 bytes. errors: key_bad (not there, sensitive, too large).
    base::Result<base::Bytes> attribute(CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type);
    /// A CK_BBOOL. errors: as attribute().
    base::Result<bool> flag(CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type);
    /// CKM_ECDSA of a digest no longer than the order. returns r || s, `signature_bytes` long (else
    /// crypto_failed). After an error the session may hold a half-done operation: close it.
    base::Result<base::Bytes> sign(CK_OBJECT_HANDLE key, base::ByteView digest,
                                   std::size_t signature_bytes);
    /// CKM_EC_KEY_PAIR_GEN on the token. errors: crypto_failed (curve refused), those of the call.
    base::Result<void> generate(Attributes& public_key, Attributes& private_key);

  private:
    Pkcs11Session(CK_FUNCTION_LIST* functions, CK_SESSION_HANDLE session)
        : functions_(functions), session_(session) {}

    CK_FUNCTION_LIST* functions_;  ///< null = moved from
    CK_SESSION_HANDLE session_;
};

}  // namespace keys
