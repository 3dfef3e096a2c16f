// SPDX-License-Identifier: EUPL-1.2
// Ages at their boundaries (LR-30): the birthday itself counts, unknown parts count as the latest
// day, nobody is told that they are too young.
#include "tests/screens/walker.hpp"

// After the project's headers: both define CHECK, and tests mean doctest's.
#include <doctest/doctest.h>

using walker::Walker;

TEST_CASE("age: a grant is alone from the birthday of capacity on") {
    static const walker::World world = walker::make_world();
    struct Row {
        const char* birth;
        const char* screen;
    };
    // Today is 12 May 2026; capacity begins at 15.
    for (const Row row :
         {Row{"2011-05-11", "review"}, Row{"2011-05-12", "review"}, Row{"2011-05-13", "failed"},
          Row{"2011-05-  ", "failed"}, Row{"2011-04-  ", "review"}, Row{"2011-  -  ", "failed"},
          Row{"2010-  -  ", "review"}, Row{"          ", "failed"}, Row{"", "failed"}}) {
        CAPTURE(row.birth);
        Walker walker(world);
        walker.who.person.birth_date = core::PersonalText(row.birth);
        walk(walker, walker::grant(), 12);
        CHECK(walker.screen().name == row.screen);
        if (walker.screen().name == "failed")
            CHECK(walker.screen().title.id == "errc.declaration_refused.title");
    }
}
