// SPDX-License-Identifier: EUPL-1.2
// Key files: mode, no overwriting, bounds, and signatures that verify under the published point.
#include "drivers/keys/file_key_store.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>

#include "drivers/crypto/digest.hpp"
#include "drivers/crypto/ecdsa.hpp"
#include "drivers/crypto/random.hpp"
#include "drivers/keys/private_file.hpp"

using base::Errc;

namespace {

/// A fresh folder under the build folder, removed at the end.
class Folder {
  public:
    Folder() {
        std::string name = std::string(FREIGABE_BINARY_DIR) + "/keys-XXXXXX";
        REQUIRE(::mkdtemp(name.data()) != nullptr);
        path_ = name;
    }
    ~Folder() { std::filesystem::remove_all(path_); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  private:
    std::filesystem::path path_;
};

}  // namespace

TEST_CASE("keys: a created key is private, opens and signs") {
    const Folder folder;
    crypto::SystemRandom random;
    const auto key = crypto::generate_key(crypto::Curve::p256, random);
    REQUIRE(keys::create_key_file(folder.path(), "journal", key).has_value());
    struct stat status {};
    REQUIRE(::stat((folder.path() / "journal.key").c_str(), &status) == 0);
    CHECK((status.st_mode & 0777U) == 0600);
    CHECK_FALSE(std::filesystem::exists(folder.path() / "journal.key.new"));

    auto store = keys::FileKeyStore::open(folder.path(), random);
    REQUIRE(store.has_value());
    const auto point = store->public_point("journal");
    REQUIRE(point.has_value());
    CHECK(base::equal(*point, key.point.bytes));
    const auto digest = crypto::sha256(base::as_bytes("text"));
    const auto signature = store->sign_digest("journal", digest);
    REQUIRE(signature.has_value());
    CHECK(crypto::ecdsa_verify(key.point, digest, *signature));
}

TEST_CASE("keys: an existing key is never replaced") {
    const Folder folder;
    crypto::SystemRandom random;
    const auto first = crypto::generate_key(crypto::Curve::p256, random);
    const auto second = crypto::generate_key(crypto::Curve::p256, random);
    REQUIRE(keys::create_key_file(folder.path(), "journal", first).has_value());
    const auto refused = keys::create_key_file(folder.path(), "journal", second);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code == Errc::file_io);
    CHECK(refused.error().detail == EEXIST);
    auto store = keys::FileKeyStore::open(folder.path(), random);
    CHECK(base::equal(*store->public_point("journal"), first.point.bytes));
}

TEST_CASE("keys: a file that others may touch is refused, whatever bit it is") {
    const Folder folder;
    crypto::SystemRandom random;
    REQUIRE(keys::create_key_file(folder.path(), "tls",
                                  crypto::generate_key(crypto::Curve::p256, random))
                .has_value());
    const auto path = folder.path() / "tls.key";
    for (const mode_t mode : {0640U, 0620U, 0610U, 0604U, 0602U, 0601U, 0666U}) {
        CAPTURE(mode);
        REQUIRE(::chmod(path.c_str(), mode) == 0);
        const auto store = keys::FileKeyStore::open(folder.path(), random);
        REQUIRE_FALSE(store.has_value());
        CHECK(store.error().code == Errc::key_bad);
        CHECK(store.error().detail == mode);
    }
    for (const mode_t mode : {0600U, 0400U}) {
        REQUIRE(::chmod(path.c_str(), mode) == 0);
        CHECK(keys::FileKeyStore::open(folder.path(), random).has_value());
    }
}

TEST_CASE("keys: broken, oversized and foreign files") {
    const Folder folder;
    crypto::SystemRandom random;
    const auto put = [&](const char* name, std::size_t size) {
        const base::Bytes junk(size, 0x30);
        REQUIRE(keys::write_file(folder.path() / name, junk, keys::Access::owner_only).has_value());
    };
    put("notes.txt", 10'000);
    CHECK(keys::FileKeyStore::open(folder.path(), random).has_value());
    put("bad.key", 4'096);
    CHECK(keys::FileKeyStore::open(folder.path(), random).error().code == Errc::key_bad);
    put("bad.key", 4'097);
    CHECK(keys::FileKeyStore::open(folder.path(), random).error().code == Errc::message_too_large);
    put("bad.key", 0);
    CHECK(keys::FileKeyStore::open(folder.path(), random).error().code == Errc::key_bad);
}

TEST_CASE("keys: unknown names, bad names, bad digests, missing folder") {
    const Folder folder;
    crypto::SystemRandom random;
    const auto key = crypto::generate_key(crypto::Curve::p256, random);
    for (const char* name : {"", "UPPER", "a/b", "..", "a b"}) {
        CHECK(keys::create_key_file(folder.path(), name, key).error().code == Errc::config_bad);
    }
    CHECK(keys::create_key_file(folder.path(), std::string(64, 'a'), key).has_value());
    CHECK(keys::create_key_file(folder.path(), std::string(65, 'a'), key).error().code ==
          Errc::config_bad);
    auto store = keys::FileKeyStore::open(folder.path(), random);
    REQUIRE(store.has_value());
    CHECK(store->public_point("journal").error().code == Errc::key_bad);
    const std::string name(64, 'a');
    CHECK(store->sign_digest(name, base::Bytes(19)).error().code == Errc::crypto_failed);
    CHECK(store->sign_digest(name, base::Bytes(20)).has_value());
    CHECK(store->sign_digest(name, base::Bytes(64)).has_value());
    CHECK(store->sign_digest(name, base::Bytes(65)).error().code == Errc::crypto_failed);
    const auto nowhere = keys::FileKeyStore::open(folder.path() / "none", random);
    CHECK(nowhere.error().code == Errc::file_io);
}

TEST_CASE(
    "private file: replaced whole, a leftover of a crash does not matter, a folder is no file") {
    const Folder folder;
    const auto path = folder.path() / "terminal.json";
    std::ofstream(path.string() + ".new") << "half of an old wri";
    REQUIRE(keys::write_file(path, base::as_bytes("one"), keys::Access::everyone).has_value());
    REQUIRE(keys::write_file(path, base::as_bytes("two"), keys::Access::everyone).has_value());
    const auto content = keys::read_file(path, 3, keys::Access::everyone);
    REQUIRE(content.has_value());
    CHECK(base::as_text(*content) == "two");
    CHECK(keys::read_file(path, 2, keys::Access::everyone).error().code == Errc::message_too_large);
    CHECK_FALSE(keys::read_file(folder.path(), 100, keys::Access::everyone).has_value());
}
