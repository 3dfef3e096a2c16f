// SPDX-License-Identifier: EUPL-1.2
// Files with keys: whole or not there, for their owner only whatever the umask says, read with a
// bound, and never through what a stranger put in their place.
#include "drivers/keys/private_file.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>

using base::Errc;
using keys::Access;

namespace {

class Folder {
  public:
    Folder() {
        std::string name = std::string(FREIGABE_BINARY_DIR) + "/files-XXXXXX";
        REQUIRE(::mkdtemp(name.data()) != nullptr);
        path_ = name;
    }
    ~Folder() { std::filesystem::remove_all(path_); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    [[nodiscard]] std::filesystem::path operator/(const char* name) const { return path_ / name; }
    [[nodiscard]] std::size_t entries() const {
        std::size_t count = 0;
        for (const auto& entry : std::filesystem::directory_iterator(path_)) {
            if (entry.exists() || entry.is_symlink()) ++count;
        }
        return count;
    }

  private:
    std::filesystem::path path_;
};

/// Another umask for the life of this object.
class Umask {
  public:
    explicit Umask(mode_t mask) : before_(::umask(mask)) {}
    Umask(const Umask&) = delete;
    Umask& operator=(const Umask&) = delete;
    ~Umask() { ::umask(before_); }

  private:
    mode_t before_;
};

mode_t mode_of(const std::filesystem::path& path) {
    struct stat status {};
    REQUIRE(::lstat(path.c_str(), &status) == 0);
    return status.st_mode & 07777U;
}

const base::Bytes old_content{1, 2, 3};
const base::Bytes new_content{4, 5, 6, 7};

}  // namespace

TEST_CASE("private file: its mode is what was asked for, whatever the umask says") {
    const Folder folder;
    for (const mode_t mask : {0000U, 0022U, 0077U}) {
        const Umask umask(mask);
        REQUIRE(keys::write_file(folder / "own", old_content, Access::owner_only).has_value());
        REQUIRE(keys::write_file(folder / "all", old_content, Access::everyone).has_value());
        CHECK(mode_of(folder / "own") == 0600);
        CHECK(mode_of(folder / "all") == 0644);
    }
    CHECK(folder.entries() == 2);
}

TEST_CASE("private file: written over whole, created only once, nothing left beside it") {
    const Folder folder;
    const auto path = folder / "key";
    REQUIRE(keys::create_file(path, old_content, Access::owner_only).has_value());
    const auto twice = keys::create_file(path, new_content, Access::owner_only);
    REQUIRE_FALSE(twice.has_value());
    CHECK(twice.error().code == Errc::file_io);
    CHECK(twice.error().detail == EEXIST);
    CHECK(*keys::read_file(path, 16, Access::owner_only) == old_content);
    REQUIRE(keys::write_file(path, new_content, Access::owner_only).has_value());
    CHECK(*keys::read_file(path, 16, Access::owner_only) == new_content);
    REQUIRE(keys::write_file(path, {}, Access::owner_only).has_value());
    CHECK(keys::read_file(path, 16, Access::owner_only)->empty());
    CHECK(folder.entries() == 1);
    const auto nowhere = keys::write_file(folder / "no/key", new_content, Access::owner_only);
    CHECK(nowhere.error().detail == ENOENT);
}

TEST_CASE("private file: a leftover of a crash, or a link in its place, is not written through") {
    const Folder folder;
    REQUIRE(keys::write_file(folder / "other", old_content, Access::everyone).has_value());
    std::filesystem::create_symlink(folder / "other", folder / "key.new");
    REQUIRE(keys::write_file(folder / "key", new_content, Access::owner_only).has_value());
    CHECK(*keys::read_file(folder / "key", 16, Access::owner_only) == new_content);
    CHECK(*keys::read_file(folder / "other", 16, Access::everyone) == old_content);
    CHECK(folder.entries() == 2);
    // A link of the final name is replaced, not followed.
    std::filesystem::create_symlink(folder / "other", folder / "link");
    REQUIRE(keys::write_file(folder / "link", new_content, Access::owner_only).has_value());
    CHECK_FALSE(std::filesystem::is_symlink(folder / "link"));
    CHECK(*keys::read_file(folder / "other", 16, Access::everyone) == old_content);
}

TEST_CASE("private file: at its bound it is read, one byte above it is not") {
    const Folder folder;
    const auto path = folder / "key";
    REQUIRE(keys::write_file(path, new_content, Access::owner_only).has_value());
    CHECK(*keys::read_file(path, 4, Access::owner_only) == new_content);
    CHECK(keys::read_file(path, 3, Access::owner_only).error().code == Errc::message_too_large);
    CHECK(keys::read_file(path, 0, Access::owner_only).error().code == Errc::message_too_large);
}

TEST_CASE("private file: open to others, no plain file, or not there: refused with its reason") {
    const Folder folder;
    const auto path = folder / "key";
    REQUIRE(keys::write_file(path, new_content, Access::owner_only).has_value());
    for (const mode_t bit : {0001U, 0002U, 0004U, 0010U, 0020U, 0040U}) {
        REQUIRE(::chmod(path.c_str(), 0600U | bit) == 0);
        const auto read = keys::read_file(path, 16, Access::owner_only);
        REQUIRE_FALSE(read.has_value());
        CHECK(read.error().code == Errc::key_bad);
        CHECK(read.error().detail == (0600U | bit));
        CHECK(keys::read_file(path, 16, Access::everyone).has_value());
    }
    CHECK(keys::read_file(folder / ".", 16, Access::everyone).error().detail == EINVAL);
    // A pipe without a writer must not hold the reader up.
    REQUIRE(::mkfifo((folder / "pipe").c_str(), 0600) == 0);
    CHECK(keys::read_file(folder / "pipe", 16, Access::owner_only).error().detail == EINVAL);
    CHECK(keys::read_file(folder / "none", 16, Access::owner_only).error().detail == ENOENT);
}
