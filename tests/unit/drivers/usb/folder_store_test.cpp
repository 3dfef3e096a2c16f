// SPDX-License-Identifier: EUPL-1.2
// A stick prepared by somebody who wishes us ill, as real files: nothing is followed, nothing
// waits, nothing is read beyond its bound, and nothing outside the folder is touched.
#include "drivers/usb/folder_store.hpp"

#include <doctest/doctest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

#include "drivers/base/limits_courier.hpp"

namespace fs = std::filesystem;
using base::Errc;

namespace {

class Place {
  public:
    Place() {
        std::string name = (fs::temp_directory_path() / "stick-XXXXXX").string();
        REQUIRE(::mkdtemp(name.data()) != nullptr);
        top_ = name;
        fs::create_directories(stick() / "freigabe/out");
        write(top_ / "outside.txt", "a secret of the device");
    }
    ~Place() {
        std::error_code ignored;
        fs::remove_all(top_, ignored);
    }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;

    [[nodiscard]] fs::path stick() const { return top_ / "stick"; }
    [[nodiscard]] fs::path outside() const { return top_ / "outside.txt"; }
    [[nodiscard]] fs::path at(const std::string& path) const { return stick() / path; }
    [[nodiscard]] usb::FolderStore open() const {
        auto store = usb::FolderStore::open(stick().string(), usb::Mount::any);
        REQUIRE(store);
        return std::move(*store);
    }
    static void write(const fs::path& path, std::string_view bytes) {
        std::ofstream(path, std::ios::binary) << bytes;
    }
    [[nodiscard]] static std::string content(const fs::path& path) {
        std::ifstream file(path, std::ios::binary);
        return {std::istreambuf_iterator<char>(file), {}};
    }

  private:
    fs::path top_;
};

template <class T>
std::string reason(const base::Result<T>& result) {
    if (result) return "fine";
    if (result.error().code == Errc::file_io)
        return std::strerror(static_cast<int>(result.error().detail));
    CHECK(result.error().code == Errc::stick_bad);
    return result.error().where;
}

constexpr const char* file = "freigabe/out/file.json";

}  // namespace

TEST_CASE("usb: written, renamed, listed, read, removed") {
    const Place place;
    auto store = place.open();
    REQUIRE(store.write("freigabe/in/a/file.json.tmp", "bytes"));
    CHECK(reason(store.write("freigabe/in/a/file.json.tmp", "others")) == "File exists");
    REQUIRE(store.rename("freigabe/in/a/file.json.tmp", "file.json"));
    REQUIRE(store.sync("freigabe/in/a"));
    CHECK(store.list("freigabe/in/a")->names == std::vector<std::string>{"file.json"});
    CHECK(*store.read("freigabe/in/a/file.json", 5) == "bytes");
    CHECK(reason(store.read("freigabe/in/a/file.json", 4)) == "stick file is too large");
    REQUIRE(store.remove("freigabe/in/a/file.json"));
    REQUIRE(store.remove("freigabe/in/a/file.json"));
    REQUIRE(store.remove("freigabe/in/b/file.json"));
    CHECK(reason(store.read("freigabe/in/a/file.json", 5)) == "No such file or directory");
    CHECK(reason(store.list("freigabe/none")) == "No such file or directory");
}

TEST_CASE("usb: a path that is not plainly ours is not looked up at all") {
    const Place place;
    auto store = place.open();
    for (const std::string path :
         {"", "/", "..", "freigabe/..", "freigabe/../outside.txt", "../outside.txt", "./freigabe",
          "freigabe//out", "/etc/passwd", "freigabe/out/", "freigabe/.hidden", "freigabe/A.json",
          "freigabe/\xC3\xA4.json", "freigabe/a b", "freigabe/a\nb", "freigabe/out/x/y/z"}) {
        CAPTURE(path);
        CHECK(reason(store.read(path, 100)) == "stick path");
        CHECK(reason(store.write(path, "x")) == "stick path");
    }
    CHECK(reason(store.read("freigabe/out/" + std::string(65, 'a'), 100)) == "stick path");
    CHECK(reason(store.read("freigabe/out/" + std::string(64, 'a'), 100)) ==
          "No such file or directory");
    CHECK(reason(store.rename("freigabe/out/a", "../b")) == "stick path");
}

TEST_CASE("usb: links, pipes, sockets, folders and second names are no files") {
    const Place place;
    auto store = place.open();
    SUBCASE("a link to a file outside") {
        fs::create_symlink(place.outside(), place.at(file));
        CHECK(reason(store.read(file, 1'000)) == "stick file is a link");
    }
    SUBCASE("a link that leads nowhere, or to itself") {
        fs::create_symlink("file.json", place.at(file));
        CHECK(reason(store.read(file, 1'000)) == "stick file is a link");
    }
    SUBCASE("a second name of a file outside") {
        fs::create_hard_link(place.outside(), place.at(file));
        CHECK(reason(store.read(file, 1'000)) == "stick file has several names");
    }
    SUBCASE("a pipe that nobody writes to") {
        REQUIRE(::mkfifo(place.at(file).c_str(), 0644) == 0);
        CHECK(reason(store.read(file, 1'000)) == "stick file is no plain file");
    }
    SUBCASE("a socket") {
        const int fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        const std::string path = place.at(file).string();
        REQUIRE(path.size() < sizeof address.sun_path);
        std::memcpy(address.sun_path, path.data(), path.size());
        REQUIRE(::bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
        CHECK(reason(store.read(file, 1'000)) == "stick file is no plain file");
        ::close(fd);
    }
    SUBCASE("a device") {
        // Making one needs root and a kernel that lets it: an ordinary folder stands in where not.
        const bool made = ::mknod(place.at(file).c_str(), S_IFCHR | 0644, makedev(1, 5)) == 0;
        if (!made) fs::create_directory(place.at(file));
        CHECK(reason(store.read(file, 1'000)) == "stick file is no plain file");
    }
    SUBCASE("a folder") {
        fs::create_directory(place.at(file));
        CHECK(reason(store.read(file, 1'000)) == "stick file is no plain file");
    }
    CHECK(Place::content(place.outside()) == "a secret of the device");
}

TEST_CASE("usb: a folder that is a link leads nowhere, for reading and for writing") {
    const Place place;
    auto store = place.open();
    fs::create_directory(place.outside().parent_path() / "elsewhere");
    fs::remove(place.at("freigabe/out"));
    fs::create_directory_symlink(place.outside().parent_path() / "elsewhere",
                                 place.at("freigabe/out"));
    const std::string why = "stick folder is a link or a file";
    CHECK(reason(store.list("freigabe/out")) == why);
    CHECK(reason(store.read(file, 10)) == why);
    CHECK(reason(store.write(file, "x")) == why);
    CHECK(reason(store.remove(file)) == why);
    CHECK(reason(store.rename(file, "b")) == why);
    CHECK(reason(store.sync("freigabe/out")) == why);
    CHECK(fs::is_empty(place.outside().parent_path() / "elsewhere"));
    // A circle: a folder that contains itself.
    fs::create_directory_symlink("..", place.at("freigabe/loop"));
    CHECK(reason(store.read("freigabe/loop/freigabe/file", 10)) == why);
    // And a file where a folder should be.
    Place::write(place.at("freigabe/plain"), "x");
    CHECK(reason(store.list("freigabe/plain")) == why);
}

TEST_CASE("usb: writing and renaming replace a link itself, never what it leads to") {
    const Place place;
    auto store = place.open();
    fs::create_symlink(place.outside(), place.at("freigabe/out/file.json.tmp"));
    CHECK(reason(store.write("freigabe/out/file.json.tmp", "x")) == "File exists");
    REQUIRE(store.remove("freigabe/out/file.json.tmp"));
    fs::create_symlink(place.outside(), place.at(file));
    REQUIRE(store.write("freigabe/out/file.json.tmp", "ours"));
    REQUIRE(store.rename("freigabe/out/file.json.tmp", "file.json"));
    CHECK(*store.read(file, 10) == "ours");
    CHECK(Place::content(place.outside()) == "a secret of the device");
}

TEST_CASE("usb: huge and changing files cost no more than their bound") {
    const Place place;
    auto store = place.open();
    Place::write(place.at(file), "small");
    fs::resize_file(place.at(file), 1ULL << 40U);  // a terabyte of nothing
    CHECK(reason(store.read(file, limits::courier_file_bytes_max)) == "stick file is too large");
    // Somebody writes and cuts while we read: either one state of it, or a reason.
    fs::resize_file(place.at(file), 0);
    std::atomic<bool> stop{false};
    std::thread writer([&] {
        while (!stop) {
            fs::resize_file(place.at(file), 3'000'000);
            fs::resize_file(place.at(file), 10);
        }
    });
    for (int i = 0; i < 200; ++i) {
        const auto read = store.read(file, 4'000'000);
        if (read) {
            const bool one_state = read->size() == 3'000'000 || read->size() == 10 || read->empty();
            CHECK(one_state);
        } else {
            CHECK(read.error().code == Errc::stick_bad);
        }
    }
    stop = true;
    writer.join();
}

TEST_CASE("usb: foreign names are counted and never opened; too many end the visit") {
    const Place place;
    auto store = place.open();
    for (const std::string name : {"FILE.JSON", "b\xC3\xA4r", "with space", ".Trashes", "a\x1b[2J"})
        Place::write(place.at("freigabe/out/" + name), "x");
    Place::write(place.at(file), "x");
    Place::write(place.at("freigabe/out/" + std::string(200, 'n')), "x");
    const auto listing = store.list("freigabe/out");
    REQUIRE(listing);
    CHECK(listing->names == std::vector<std::string>{"file.json"});
    CHECK(listing->foreign == 6);
    for (std::size_t i = 7; i < limits::courier_entries_max; ++i)
        Place::write(place.at("freigabe/out/n" + std::to_string(i)), "");
    CHECK(store.list("freigabe/out"));
    Place::write(place.at("freigabe/out/last"), "");
    CHECK(reason(store.list("freigabe/out")) == "stick folder has too many names");
}

TEST_CASE("usb: without a stick in it a mount point is no stick") {
    const Place place;
    const auto none = usb::FolderStore::open(place.stick().string(), usb::Mount::stick);
    REQUIRE_FALSE(none);
    CHECK(none.error().code == Errc::device_absent);
    const auto missing = usb::FolderStore::open(place.at("nowhere").string(), usb::Mount::any);
    REQUIRE_FALSE(missing);
    CHECK(missing.error().code == Errc::device_absent);
    // Every Linux has /proc mounted, which is another file system than its parent's.
    CHECK(usb::FolderStore::open("/proc", usb::Mount::stick));
}
