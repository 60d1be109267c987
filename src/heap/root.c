/* root.c - numbered roots, and the owners (class loaders) with which they live and die.
 *
 * The roots of an owner are chained, so that a dead owner's are found; those of owner 0 are not. */
#include "heap/heap_internal.h"

ArenaTable heap_root_table, heap_root_links, heap_owner_table;

static OsMutex root_lock;

static uint32_t take_root(void)
{
    uint32_t root = heap_kept()->root_free;
    if (root != 0) {
        heap_kept()->root_free = root_link(root)->next;
        return root;
    }
    root = heap_root_table.count;
    if (arena_table_reach(&heap_root_links, root + 1) != OK || arena_table_add(&heap_root_table, 1) == 0)
        return 0;
    return root;
}

static void link_root(uint32_t root, uint32_t owner)
{
    RootLink *link = root_link(root);
    *link = (RootLink){.owner = owner};
    if (owner == 0)
        return;
    link->next = owner_at(owner)->first_root;
    if (link->next != 0)
        root_link(link->next)->previous = root;
    owner_at(owner)->first_root = root;
}

static void unlink_root(uint32_t root)
{
    RootLink *link = root_link(root);
    if (link->owner == 0)
        return;
    if (link->next != 0)
        root_link(link->next)->previous = link->previous;
    if (link->previous != 0)
        root_link(link->previous)->next = link->next;
    else
        owner_at(link->owner)->first_root = link->next;
}

static void give_root(uint32_t root)
{
    *root_slot(root) = 0;
    *root_link(root) = (RootLink){.owner = ROOT_IS_FREE, .next = heap_kept()->root_free};
    heap_kept()->root_free = root;
}

uint32_t heap_root_add(Value value, uint32_t owner)
{
    assert(owner == 0 || owner_at(owner)->used);
    os_mutex_lock(&root_lock);
    uint32_t root = take_root();
    if (root != 0) {
        link_root(root, owner);
        __atomic_store_n(root_slot(root), value, __ATOMIC_RELEASE);
    }
    os_mutex_unlock(&root_lock);
    return root;
}

void heap_root_set(uint32_t root, Value value)
{
    assert(root >= ROOT_FIRST && root < __atomic_load_n(&heap_root_table.count, __ATOMIC_RELAXED));
    __atomic_store_n(root_slot(root), value, __ATOMIC_RELEASE);
}

void heap_root_remove(uint32_t root)
{
    assert(root >= ROOT_FIRST && root < __atomic_load_n(&heap_root_table.count, __ATOMIC_RELAXED) && root_link(root)->owner != ROOT_IS_FREE);
    os_mutex_lock(&root_lock);
    unlink_root(root);
    give_root(root);
    os_mutex_unlock(&root_lock);
}

uint32_t heap_owner_add(Value loader)
{
    assert(value_is_object(loader));
    os_mutex_lock(&root_lock);
    uint32_t owner = heap_kept()->owner_free;
    if (owner != 0)
        heap_kept()->owner_free = owner_at(owner)->next_free;
    else
        owner = arena_table_add(&heap_owner_table, 1);
    if (owner != 0)
        *owner_at(owner) = (Owner){.loader = loader, .used = 1};
    os_mutex_unlock(&root_lock);
    return owner;
}

Value heap_owner_loader_nogc(uint32_t owner)
{
    assert(owner < arena_table_count(&heap_owner_table));
    return owner_at(owner)->loader;
}

static void release_owner(uint32_t number)
{
    Owner *owner = owner_at(number);
    while (owner->first_root != 0) {
        uint32_t root = owner->first_root;
        unlink_root(root);
        give_root(root);
    }
    *owner = (Owner){.next_free = heap_kept()->owner_free};
    heap_kept()->owner_free = number;
}

static void release_classes_of_dead(void)
{
    for (uint32_t i = CLASS_INDEX_JAVA_FIRST; i < class_table.count; i++)
        if (*class_place(i) != 0 && class_at(i)->owner != 0 && !owner_at(class_at(i)->owner)->live)
            class_release(i);
}

void owners_release_dead(void)
{
    bool any = false;
    for (uint32_t i = 1; i < heap_owner_table.count; i++) {
        if (!owner_at(i)->used || owner_at(i)->live)
            continue;
        any = true;
        if (heap_state.hooks.owner_died != NULL)
            heap_state.hooks.owner_died(i);
    }
    if (!any)
        return;
    release_classes_of_dead();
    for (uint32_t i = 1; i < heap_owner_table.count; i++)
        if (owner_at(i)->used && !owner_at(i)->live)
            release_owner(i);
}
