// SPDX-License-Identifier: EUPL-1.2
#include "tests/unit/drivers/keys/test_token.hpp"

#include <doctest/doctest.h>
#include <p11-kit/p11-kit.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <vector>

namespace keys_test {
namespace {

constexpr std::string_view user_pin = "271828";
constexpr std::string_view officer_pin = "31415926";

CK_BYTE* bytes(std::string& text) {
    return reinterpret_cast<CK_BYTE*>(text.data());
}

void expect_ok(CK_RV rv) {
    REQUIRE(rv == CKR_OK);
}

/// Tokens in use come first; the last one is always a free one.
std::vector<CK_SLOT_ID> slots_of(CK_FUNCTION_LIST& hsm) {
    CK_ULONG count = 0;
    expect_ok(hsm.C_GetSlotList(CK_FALSE, nullptr, &count));
    std::vector<CK_SLOT_ID> slots(count);
    expect_ok(hsm.C_GetSlotList(CK_FALSE, slots.data(), &count));
    REQUIRE(!slots.empty());
    return slots;
}

void make_token(CK_FUNCTION_LIST& hsm, std::string_view label) {
    std::array<CK_BYTE, 32> padded{};
    padded.fill(' ');
    std::copy(label.begin(), label.end(), padded.begin());
    std::string officer(officer_pin);
    std::string user(user_pin);
    const CK_SLOT_ID slot = slots_of(hsm).back();
    expect_ok(hsm.C_InitToken(slot, bytes(officer), officer.size(), padded.data()));
    CK_SESSION_HANDLE session = 0;
    expect_ok(
        hsm.C_OpenSession(slot, CKF_SERIAL_SESSION | CKF_RW_SESSION, nullptr, nullptr, &session));
    expect_ok(hsm.C_Login(session, CKU_SO, bytes(officer), officer.size()));
    expect_ok(hsm.C_InitPIN(session, bytes(user), user.size()));
    expect_ok(hsm.C_CloseSession(session));
}

/// What a token has under this label, seen by its logged-in user.
std::vector<CK_OBJECT_HANDLE> objects_of(CK_FUNCTION_LIST& hsm, CK_SESSION_HANDLE session,
                                         std::string label) {
    CK_ATTRIBUTE match{CKA_LABEL, label.data(), label.size()};
    expect_ok(hsm.C_FindObjectsInit(session, &match, 1));
    std::vector<CK_OBJECT_HANDLE> found(16);
    CK_ULONG count = 0;
    expect_ok(hsm.C_FindObjects(session, found.data(), found.size(), &count));
    expect_ok(hsm.C_FindObjectsFinal(session));
    found.resize(count);
    return found;
}

/// SoftHSM as its own owner sees it: initialised at first, finalised at last.
class Hsm {
  public:
    Hsm() : hsm_(p11_kit_module_load(std::string(softhsm_module).c_str(), 0)) {
        REQUIRE_MESSAGE(hsm_ != nullptr, "Debian's softhsm2 is missing: image/packages/test.txt");
        expect_ok(p11_kit_module_initialize(hsm_));
    }
    ~Hsm() {
        p11_kit_module_finalize(hsm_);
        p11_kit_module_release(hsm_);
    }
    Hsm(const Hsm&) = delete;
    Hsm& operator=(const Hsm&) = delete;
    CK_FUNCTION_LIST& operator*() { return *hsm_; }

  private:
    CK_FUNCTION_LIST* hsm_;
};

}  // namespace

TestToken::TestToken() {
    std::string name = std::string(FREIGABE_BINARY_DIR) + "/token-XXXXXX";
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    folder_ = name;
    std::filesystem::create_directory(folder_ / "tokens");
    const std::string conf = (folder_ / "softhsm2.conf").string();
    std::ofstream(conf) << "directories.tokendir = " << (folder_ / "tokens").string()
                        << "\nobjectstore.backend = file\nlog.level = ERROR\n";
    REQUIRE(::setenv("SOFTHSM2_CONF", conf.c_str(), 1) == 0);
    write_pin(std::string(user_pin) + "\n");
    add("freigabe");
}

TestToken::~TestToken() {
    std::filesystem::remove_all(folder_);
}

void TestToken::add(std::string_view label) {
    Hsm hsm;
    make_token(*hsm, label);
}

void TestToken::destroy(std::string_view name) {
    Hsm hsm;
    std::string user(user_pin);
    // The first slot: tests that destroy keys have one token.
    const CK_SLOT_ID slot = slots_of(*hsm).front();
    CK_SESSION_HANDLE session = 0;
    expect_ok((*hsm).C_OpenSession(slot, CKF_SERIAL_SESSION | CKF_RW_SESSION, nullptr, nullptr,
                                   &session));
    const CK_RV login = (*hsm).C_Login(session, CKU_USER, bytes(user), user.size());
    REQUIRE((login == CKR_OK || login == CKR_USER_ALREADY_LOGGED_IN));
    for (const CK_OBJECT_HANDLE object : objects_of(*hsm, session, std::string(name))) {
        expect_ok((*hsm).C_DestroyObject(session, object));
    }
    expect_ok((*hsm).C_CloseSession(session));
}

void TestToken::write_pin(std::string_view content) {
    std::ofstream(pin_file(), std::ios::trunc) << content;
    REQUIRE(::chmod(pin_file().c_str(), 0600) == 0);
}

keys::TokenPlace TestToken::place(std::string_view path) const {
    return {"pkcs11:token=freigabe" + std::string(path) + "?pin-source=file:" + pin_file().string(),
            std::string(softhsm_module)};
}

}  // namespace keys_test
